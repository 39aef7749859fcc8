/** Words that the whole world tries first, and what examples and tutorials put in the place of a secret. */
const GUESSED =
  /^(?:postgres|root|admin|administrator|admin123|password\d*|passw0rd|secret\d*|secret[-_]?key|my[-_]?secret([-_]?key)?|super[-_]?secret([-_]?key)?|example|test|user|guest|minioadmin|mysql|mongo|redis|rabbitmq|123456\d*|1234|qwerty|letmein|default|dev|development|abc123|insecure\S*|django-insecure\S*)$/i;

/** A word that tells people to put a value of their own there. */
const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|change[-_ ]?(?:me|this|it)\S*|\S*[-_]change[-_]?(?:me|this|in[-_]production)\S*|your[-_ ]?\S.*|replace[-_ ]?\S*|todo\S*|fixme|xxx+|\*+|\.\.\.+|example\S*|insert[-_ ]\S*|put[-_]\S*|set[-_]me\S*)$/i;

export function isGuessed(value: string): boolean {
  return GUESSED.test(value);
}

export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value);
}
