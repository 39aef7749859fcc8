/** A flag that may be given several times, as a list. */
export function listOf(value: string | boolean | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : typeof value === 'object' ? value : [];
}
