/** A flag that may be given several times, or once with commas between, as a list. */
export function listOf(value: string | boolean | readonly string[] | undefined): readonly string[] {
  const given = typeof value === 'string' ? [value] : typeof value === 'object' ? value : [];
  return given.flatMap((text) => text.split(',')).filter((text) => text !== '');
}
