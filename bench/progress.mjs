/** How far long work has come, on stderr: a bar on a terminal, a line every few seconds anywhere else. */

// CommonJS: only its default can be imported. The short benchmark goes without: it installs nothing that only benchmarks need.
const { Format, SingleBar } = await import('cli-progress').then(
  (found) => found.default,
  () => ({}),
);
const SECONDS_BETWEEN_LINES = 3;

const plain = (value) => Number(value).toLocaleString('en');

const line = (options, { progress, value, total, startTime, eta, stopTime }, { label }) => {
  const seconds = ((stopTime ?? Date.now()) - startTime) / 1000;
  const rate = `${plain(Math.round(value / Math.max(seconds, 0.001)))}/s`;
  const time = (amount) => Format.TimeFormat(Math.round(amount), options, 1);
  const rest = value >= total ? `took ${time(seconds)}` : `${value > 0 ? time(eta) : '?'} left`;
  return `${label} ${Format.BarFormat(progress, options)} ${Math.floor(progress * 100)} %, ${plain(value)} of ${plain(total)}, ${rate}, ${rest}`;
};

/** Begins to show; `tell` says how many are done by now. */
export function startProgress(label, total) {
  if (!SingleBar) return { tell: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: line,
    stream: process.stderr,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 30,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: SECONDS_BETWEEN_LINES * 1000,
    etaBuffer: 20,
  });
  bar.start(total, 0, { label });
  return { tell: (done) => bar.update(done), stop: () => bar.stop() };
}
