/** Words of a path that say what it is for. */
const DEVELOPMENT =
  /(?:^|[./_-])(?:dev|devel|develop|development|local|override|test|tests|testing|e2e|ci|debug|playground|devcontainer)(?:$|[./_-])/i;
const PRODUCTION = /(?:^|[./_-])(?:prod|production|release|live|deploy|deployment|staging|stage)(?:$|[./_-])/i;
const FIXTURE =
  /(?:^|\/)(?:vendor|third_party|testdata|testfiles?(?:-\w+)?|templates?|fixtures?|__fixtures__|node_modules|\.examples|examples?|samples?|tests?|spec|e2e)(?:\/|$)/i;

export function isDevelopment(path: string): boolean {
  return DEVELOPMENT.test(path);
}

export function isProduction(path: string): boolean {
  return PRODUCTION.test(path);
}

export function isFixture(path: string): boolean {
  return FIXTURE.test(path);
}
