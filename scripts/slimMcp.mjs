/**
 * What the MCP library carries along and the server does not use: a JSON Schema validator for what clients answer to
 * questions of the server, which zod checks here, and zod's messages in other languages.
 * @returns {import('esbuild').Plugin}
 */
export function slimMcp() {
  return {
    name: 'slim-mcp',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, () => ({
        path: 'shims',
        namespace: 'slim-mcp',
      }));
      onResolve({ filter: /locales\/index\.js$/ }, () => ({ path: 'locales', namespace: 'slim-mcp' }));
      onLoad({ filter: /^locales$/, namespace: 'slim-mcp' }, () => ({ contents: 'export {};' }));
      onLoad({ filter: /^shims$/, namespace: 'slim-mcp' }, () => ({
        contents: `export { default as process } from 'node:process';
          export class DefaultJsonSchemaValidator {
            getValidator() { throw new Error('Nothing is checked by JSON Schema here.'); }
          }`,
      }));
    },
  };
}
