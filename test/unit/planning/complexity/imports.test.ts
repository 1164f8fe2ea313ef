import { describe, expect, test } from 'vitest';
import { ImportGraph } from '../../../../src/core/planning/complexity/imports/graph.js';
import { languageOf } from '../../../../src/core/planning/complexity/imports/language.js';
import { FileIndex, isManifest, resolversFor } from '../../../../src/core/planning/complexity/imports/resolver.js';
import { importsOf } from '../../../../src/core/planning/complexity/imports/scanners.js';

/** What a file imports: `target:line`, with the kind where it is no plain import. */
function scanned(path: string, text: string): string[] {
  const language = languageOf(path);
  if (!language) throw new Error(`${path} is in no known language`);
  return importsOf(text, path, language).map(
    ({ target, line, kind, typeOnly, names }) =>
      `${target}:${line}${kind === 'import' ? '' : ` ${kind}`}${typeOnly ? ' type' : ''}${names ? ` (${names.join(' ')})` : ''}`,
  );
}

/** The graph of some files by their texts. */
function graphOf(files: Readonly<Record<string, string>>): ImportGraph {
  const manifests = Object.entries(files).filter(([path]) => isManifest(path));
  const resolvers = resolversFor(new FileIndex(Object.keys(files), new Map(manifests)));
  const graph = new ImportGraph(manifests.map(([path]) => path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  for (const [path, text] of Object.entries(files)) {
    const language = languageOf(path);
    if (language) graph.add(path, importsOf(text, path, language), resolvers);
  }
  return graph;
}

/** Files that a file imports, and packages in angle brackets. */
const targets = (graph: ImportGraph, path: string) =>
  graph.importsOf(path).map(({ to, external }) => (external ? `<${to}>` : to));

describe('imports as they stand in a file', () => {
  test('of TypeScript: modules, types, dynamic ones and require, but no comments and texts', () => {
    const text = [
      "import a from './a';",
      "import type { B } from './b';",
      'import {',
      '  c,',
      '} from "./c.js";',
      "export * from './d';",
      "const e = require('e');",
      "const f = await import('./f');",
      "// import g from './g';",
      'const text = "import h from \'./h\'";',
      'const generic = <T,>(x: T): T => x;',
    ].join('\n');
    expect(scanned('src/x.ts', text)).toEqual(['./a:1', './b:2 type', './c.js:3', './d:6', 'e:7 require', './f:8']);
  });

  test('of JSX, where no lexer of modules copes: what is said between tags is no import', () => {
    const text = [
      "import React from 'react';",
      "import './side.css';",
      "export const X = () => <p>don't import y from 'y'</p>;",
      "export { z } from './z';",
    ].join('\n');
    expect(scanned('src/X.tsx', text)).toEqual(['react:1', './side.css:2', './z:4']);
    expect(scanned('X.vue', `<template>\n</template>\n<script setup>\nimport a from './a'\n</script>`)).toEqual([
      './a:4',
    ]);
  });

  test('of Python: relative ones, brackets, continued lines, inside of functions', () => {
    const text = [
      'import os, sys as system',
      'from . import sibling',
      'from ..pack.deep import (one,',
      '    two as zwei,  # why',
      ')',
      'from x import \\',
      '    y',
      '"""',
      'import no',
      '"""',
      'def late():',
      '    import json.decoder',
    ].join('\n');
    expect(scanned('a/b.py', text)).toEqual([
      'os:1',
      'sys:1',
      '.:2 (sibling)',
      '..pack.deep:3 (one two)',
      'x:6 (y)',
      'json.decoder:12',
    ]);
  });

  test('of Go, Rust, Java and C', () => {
    expect(scanned('a.go', 'package a\nimport "fmt"\nimport (\n\tx "m.org/p" // "no"\n\t_ "q"\n)')).toEqual([
      'fmt:2',
      'm.org/p:4',
      'q:5',
    ]);
    expect(
      scanned(
        'a.rs',
        'mod part;\npub use crate::x::{self, y::Z};\nuse super::q as r;\nfn f<\'a>() { let s = "use no::no;"; }',
      ),
    ).toEqual(['part:1 reference', 'crate::x:2', 'crate::x::y::Z:2', 'super::q:3']);
    expect(
      scanned('A.java', 'package a;\nimport a.b.C;\nimport static a.D.max;\n/* import no.No; */\nimport x.*;'),
    ).toEqual(['a.b.C:2', 'a.D:3', 'x.*:5']);
    expect(scanned('a.c', '#include "a.h"\n# include <sys/b.h>\n// #include "no.h"')).toEqual([
      'a.h:1',
      'sys/b.h:2 reference',
    ]);
  });

  test('of what is no program nothing is found, and nothing is thrown', () => {
    const broken = ["import {{{ from ';", '"', '`${`', '/*', "import('", 'export', '\u0001\ud800'].join('\n');
    for (const path of ['a.ts', 'a.tsx', 'a.py', 'a.go', 'a.rs', 'a.java', 'a.c'])
      expect(() => scanned(path, broken)).not.toThrow();
  });
});

describe('where imports lead', () => {
  test('in JavaScript: relative paths, .js for .ts, folders, paths of tsconfig.json, packages of the workspace', () => {
    const graph = graphOf({
      'tsconfig.base.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["src/*"], }, }, /* why */ }',
      'tsconfig.json': '{ "extends": "./tsconfig.base.json" }',
      'package.json': '{ "name": "root", "imports": { "#in/*": "./src/inner/*.js" } }',
      'packages/kit/package.json':
        '{ "name": "@me/kit", "exports": { ".": { "import": "./dist/index.js" }, "./deep": "./src/deep.ts" } }',
      'packages/kit/src/index.ts': '',
      'packages/kit/src/deep.ts': '',
      'src/a.ts': [
        "import './b.js';",
        "import '../src/folder';",
        "import '~/c';",
        "import '#in/d';",
        "import '@me/kit';",
        "import '@me/kit/deep';",
        "import 'lodash/get';",
        "import '@scope/pack/x';",
        "import 'node:fs';",
        "import fs from 'fs/promises';",
        "import './gone';",
      ].join('\n'),
      'src/b.ts': '',
      'src/c.tsx': '',
      'src/inner/d.ts': '',
      'src/folder/index.ts': '',
    });
    expect(targets(graph, 'src/a.ts')).toEqual([
      'src/b.ts',
      'src/folder/index.ts',
      'src/c.tsx',
      'src/inner/d.ts',
      'packages/kit/src/index.ts',
      'packages/kit/src/deep.ts',
      '<lodash>',
      '<@scope/pack>',
      '<node:fs>',
    ]);
    expect(graph.unresolved).toBe(1);
    expect(graph.crossPackage(new Set(['src/a.ts']))).toBe(2);
  });

  test('in Python: relative ones, src folders, modules of a package', () => {
    const graph = graphOf({
      'src/pack/__init__.py': '',
      'src/pack/a.py':
        'from . import b\nfrom .deep.c import x\nimport pack.b\nimport numpy as np\nfrom pack import deep',
      'src/pack/b.py': '',
      'src/pack/deep/__init__.py': '',
      'src/pack/deep/c.py': 'from ..b import y',
      'tests/test_a.py': 'import pack.a',
    });
    expect(targets(graph, 'src/pack/a.py')).toEqual([
      'src/pack/b.py',
      'src/pack/deep/c.py',
      '<numpy>',
      'src/pack/deep/__init__.py',
    ]);
    expect(targets(graph, 'src/pack/deep/c.py')).toEqual(['src/pack/b.py']);
    expect(targets(graph, 'tests/test_a.py')).toEqual(['src/pack/a.py']);
  });

  test('in Go: every file of the folder that a module has under that path', () => {
    const graph = graphOf({
      'go.mod': 'module m.org/app\n\ngo 1.22\n',
      'main.go': 'package main\nimport (\n"fmt"\n"m.org/app/lib"\n"other.org/x"\n)',
      'lib/a.go': 'package lib',
      'lib/b.go': 'package lib',
      'lib/a_test.go': 'package lib',
    });
    expect(targets(graph, 'main.go')).toEqual(['<fmt>', 'lib/a.go', 'lib/b.go', '<other.org/x>']);
  });

  test('in Rust: modules, crate, super, self, other crates of the workspace', () => {
    const graph = graphOf({
      'Cargo.toml': '[package]\nname = "app"\n',
      'src/main.rs': 'mod net;\nuse net::wire::Frame;\nuse util_kit::text::trim;\nuse serde::Serialize;\nuse std::fs;',
      'src/net/mod.rs': 'pub mod wire;\nuse crate::other::Thing;',
      'src/net/wire.rs': 'use super::Thing;\nuse self::inner::X;',
      'src/other.rs': '',
      'util/Cargo.toml': '[package]\nname = "util-kit"\n',
      'util/src/lib.rs': '',
      'util/src/text.rs': '',
    });
    expect(targets(graph, 'src/main.rs')).toEqual([
      'src/net/mod.rs',
      'src/net/wire.rs',
      'util/src/text.rs',
      '<serde>',
      '<std>',
    ]);
    expect(targets(graph, 'src/net/mod.rs')).toEqual(['src/net/wire.rs', 'src/other.rs']);
    expect(targets(graph, 'src/net/wire.rs')).toEqual(['src/net/mod.rs']);
  });

  test('in Java and C: by the ends of paths, and nowhere where several have that end', () => {
    const java = graphOf({
      'app/src/main/java/org/x/A.java':
        'package org.x;\nimport org.y.B;\nimport org.y.B.Inner;\nimport org.z.*;\nimport java.util.List;',
      'app/src/main/java/org/y/B.java': '',
      'app/src/main/java/org/z/C.java': '',
      'app/src/main/java/org/z/D.kt': '',
    });
    expect(targets(java, 'app/src/main/java/org/x/A.java')).toEqual([
      'app/src/main/java/org/y/B.java',
      'app/src/main/java/org/z/C.java',
      'app/src/main/java/org/z/D.kt',
      '<java.util>',
    ]);
    const c = graphOf({
      'src/a.c': '#include "a.h"\n#include <lib/b.h>\n#include "twice.h"\n#include <stdio.h>',
      'src/a.h': '',
      'include/lib/b.h': '',
      'x/twice.h': '',
      'y/twice.h': '',
    });
    expect(targets(c, 'src/a.c')).toEqual(['src/a.h', 'include/lib/b.h', '<stdio.h>']);
    expect(c.unresolved).toBe(1);
  });
});

describe('the graph', () => {
  const graph = graphOf({
    'a.ts': "import './b';\nimport 'left';",
    'b.ts': "import './c';",
    'c.ts': "import './a';\nimport 'left';\nimport 'only';",
    'd.ts': "import type { X } from './e';\nimport './a';",
    'e.ts': "import './d';",
  });

  test('counts each importer outside of a set once', () => {
    expect(graph.importersOf('a.ts')).toEqual(['c.ts', 'd.ts']);
    expect([...graph.fanIn(new Set(['a.ts', 'b.ts']))].sort()).toEqual(['c.ts', 'd.ts']);
    expect([...graph.fanIn(new Set(['a.ts', 'c.ts']))].sort()).toEqual(['b.ts', 'd.ts']);
    expect([...graph.usersOf('left')]).toEqual(['a.ts', 'c.ts']);
  });

  test('finds the shortest cycle, and none where only a type leads back', () => {
    expect(graph.cycle('a.ts')).toEqual(['a.ts', 'b.ts', 'c.ts', 'a.ts']);
    expect(graph.cycle('d.ts')).toBeUndefined();
  });
});
