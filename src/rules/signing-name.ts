const SIGNS =
  /^(\w+_)?(SECRET_?KEY|JWT_?(SECRET|KEY)(_KEY)?|SESSION_?SECRET|COOKIE_?SECRET|SIGNING_?KEY|APP_?(KEY|SECRET)|AUTH_?SECRET|NEXTAUTH_SECRET|SECRET|ENCRYPTION_KEY|(ACCESS|REFRESH)_TOKEN_SECRET)(_KEY)?$/i;

/** Whether an application signs or encrypts with the variable what users send back. */
export function signingName(name: string): boolean {
  return SIGNS.test(name);
}
