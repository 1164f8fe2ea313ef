import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqlStatements } from '../../../src/core/execution/sqlStatements.js';
import { check } from '../../support/check.js';

describe('the statements of an SQL text', () => {
  test.each([
    ['', []],
    [' ;; -- only a comment;\n /* and; another */ ;', []],
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    [
      "SELECT 'a;b', \"c;d\", `e;f`, [g;h]; SELECT 'it''s; fine'",
      ['SELECT \'a;b\', "c;d", `e;f`, [g;h]', "SELECT 'it''s; fine'"],
    ],
    ['SELECT 1 -- one; two\n; SELECT 2 /* ; */', ['SELECT 1 -- one; two', 'SELECT 2 /* ; */']],
    ["SELECT 'never ends; SELECT 2", ["SELECT 'never ends; SELECT 2"]],
    ['SELECT /* never ends; SELECT 2', ['SELECT /* never ends; SELECT 2']],
  ])('%j', (sql, statements) => {
    expect(sqlStatements(sql)).toEqual(statements);
  });

  test.each([
    'CREATE TRIGGER',
    'create temp trigger',
    'EXPLAIN CREATE TEMPORARY TRIGGER',
    'EXPLAIN QUERY PLAN CREATE TRIGGER',
  ])('%s has statements inside, up to the END of its own', (head) => {
    const trigger = `${head} t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM a; END`;
    expect(sqlStatements(`${trigger}; SELECT 1;`)).toEqual([trigger, 'SELECT 1']);
  });

  test('whatever is typed, nothing is lost but semicolons, comments between statements and spaces', () => {
    const piece = fc.constantFrom("'a;b'", '"q"', ';', ' ', 'SELECT', '1', '-- c\n', '/* d; */', 'END', 'é', '\n');
    check(
      fc.property(fc.array(piece), (pieces) => {
        const statements = sqlStatements(pieces.join(''));
        const bare = (text: string) => text.replace(/--[^\n]*|\/\*.*?\*\//g, '').replace(/[\s;]/g, '');
        expect(bare(statements.join('\n'))).toBe(bare(pieces.join('')));
      }),
    );
  });
});
