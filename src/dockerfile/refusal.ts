/** Ends the walk with an error of the user's text; never leaves the lexer. */
export class Refusal extends Error {}
