/** For tests of rules and of what needs an engine, published as `plimsoll/testing`. */
export { type FakeAnswer, type FakeScript, fakeEngine } from '../engine/fake.ts';
export { type Case, parseCase } from './case-file.ts';
export { caseRepo, judge, type Verdict } from './judge.ts';
