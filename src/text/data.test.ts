import { afterEach, describe, expect, it } from 'vitest';
import { dataTable, registerData, rowTable } from './data.ts';

afterEach(() => registerData(() => '{}'));

describe('a table with one row a line', () => {
  const rows = { a: { size: 1 }, 'b"c': { size: 2, more: ['x', { y: 'z' }] }, d: { size: 3 } };
  // As scripts/packages/rows.mjs writes it.
  const text = `{"date":"2026-01-01","names":["a"],
"rows":{
"a":{"size":1},
"b\\"c":{"size":2,"more":["x",{"y":"z"}]},
"d":{"size":3}
}}
`;

  it('is JSON', () => {
    expect(JSON.parse(text)).toEqual({ date: '2026-01-01', names: ['a'], rows });
  });

  it('gives its head and each of its rows', () => {
    registerData(() => text);
    const table = rowTable<{ date: string }, { size: number }>('x/y', 'rows');
    expect(table.head).toEqual({ date: '2026-01-01', names: ['a'] });
    for (const [name, row] of Object.entries(rows)) expect(table.row(name)).toEqual(row);
    for (const name of ['', 'c', 'date', 'names', 'rows', 'size', 'toString']) expect(table.row(name)).toBeUndefined();
  });

  it('is read once', () => {
    let reads = 0;
    registerData(() => {
      reads++;
      return text;
    });
    expect(rowTable('x/y', 'rows')).toBe(rowTable('x/y', 'rows'));
    dataTable('x/z');
    dataTable('x/z');
    expect(reads).toBe(2);
  });
});
