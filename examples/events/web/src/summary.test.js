import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summaryOf } from './summary.js';

test('says only what happened', () => {
  assert.equal(summaryOf({ kept: 1, rejected: 0, duplicates: 0 }), '1 event kept');
  assert.equal(summaryOf({ kept: 9, rejected: 2, duplicates: 1 }), '9 events kept, 2 rejected, 1 seen twice');
});
