/** The day it is, `2026-11-21`: what the clock of this machine says, so that ends of life are judged as of now. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
