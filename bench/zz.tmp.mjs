import { readdirSync, readFileSync } from 'node:fs';
for (const file of readdirSync('/tmp/lab/prof')) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync('/tmp/lab/prof/' + file));
  const byId = new Map(nodes.map((n) => [n.id, n])); const parent = new Map(); for (const n of nodes) for (const c of n.children ?? []) parent.set(c, n.id);
  const own = (u) => { const m = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(u); if (m) return m[1]; const d = /\/dist\/(.*)\.js$/.exec(u); if (d) return 'ours: ' + d[1]; return u.startsWith('node:') ? u : '(native)'; };
  const self = new Map(), fn = new Map(), incl = new Map(); let total = 0;
  const half = Math.floor(samples.length * 0.4);
  for (let i = half; i < samples.length; i++) { const n = byId.get(samples[i]); const f = n.callFrame; if (f.functionName === '(idle)' || f.functionName === '(root)') continue; const t = timeDeltas[i]; total += t;
    const k = f.functionName.startsWith('(') && !f.url ? f.functionName : own(f.url); self.set(k, (self.get(k) ?? 0) + t); const g = `${f.functionName || 'anon'} [${own(f.url)}:${f.lineNumber + 1}]`; fn.set(g, (fn.get(g) ?? 0) + t);
    const seen = new Set(); for (let id = samples[i]; id !== undefined; id = parent.get(id)) { const c = byId.get(id).callFrame; const g2 = `${c.functionName || 'anon'} [${own(c.url)}:${c.lineNumber + 1}]`; if (!seen.has(g2)) { seen.add(g2); incl.set(g2, (incl.get(g2) ?? 0) + t); } } }
  const top = (m, n) => [...m].sort((a, b) => b[1] - a[1]).slice(0, n).map(([k, t]) => `${(100 * t / total).toFixed(1).padStart(6)} % ${k}`).join('\n');
  console.log('====', file, (total / 1e6).toFixed(2), 's\n' + top(self, 18) + '\n-- self\n' + top(fn, 45) + '\n-- inclusive\n' + top(incl, 90));
}
