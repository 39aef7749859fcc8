/** For tests of rules, published as `plimsoll/testing`. */
export { type Case, parseCase } from './case-file.ts';
export { caseRepo, judge, type Verdict } from './judge.ts';
