const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LETTERS_COUNT = 11;

/** A new EndToEndId: what names a payment that an institution is about to send (E, its ISPB, the minute in UTC, 11 letters). */
export function newEndToEndId(ispb: string, nowMs: number): string {
  const minute = new Date(nowMs).toISOString().replaceAll(/\D/g, '').slice(0, 12);
  const random = crypto.getRandomValues(new Uint8Array(LETTERS_COUNT));
  // 32 letters: a byte falls on each of them equally often.
  return `E${ispb}${minute}${[...random].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
