import { isAscii, isUtf8 } from 'node:buffer';

/** Git's test: a NUL byte in the first 8,000 bytes. UTF-16 counts as binary, as it does for the engine. */
export function isBinary(bytes: Uint8Array): boolean {
  const nul = bytes.indexOf(0);
  return nul !== -1 && nul < 8000;
}

/** UTF-8 with its BOM kept, else Latin-1, which can decode anything; undefined for binary content. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (isBinary(bytes)) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // ASCII is the same in both, and Latin-1 is read several times as fast.
  return buffer.toString(!isAscii(buffer) && isUtf8(buffer) ? 'utf8' : 'latin1');
}
