/**
 * The caseless key of identity: NFC, then lower-case down, again until nothing changes, so that a key's key is the key itself.
 * Down and never up: upper-casing makes "ı" an "I" and "ſ" an "S", which hands one person's account to another. No locale
 * has a say.
 * Lower case knows two small sigmas, one for the end of a word: they are one letter here, or "ΑΣ" would not find "ας" by "ασ".
 * Not covered: "ß" is not "ss".
 */
export function fold(text: string): string {
  let folded = text;
  for (;;) {
    const next = folded.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');
    if (next === folded) return folded;
    folded = next;
  }
}
