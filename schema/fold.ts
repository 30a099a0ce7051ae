/**
 * The caseless key of identity: NFC, then lower-case down, again until nothing changes, so that a key's key is the key itself.
 * Down and never up: upper-casing makes "ı" an "I" and "ſ" an "S", which hands one person's account to another. No locale
 * has a say.
 * Not covered: "ß" is not "ss", and a capital sigma at the end of a word becomes "ς", as Unicode's lower case has it.
 */
export function fold(text: string): string {
  let folded = text;
  for (;;) {
    const next = folded.normalize('NFC').toLowerCase();
    if (next === folded) return folded;
    folded = next;
  }
}
