import { packed, startProgram } from '../platform/start/start.js';
import type * as Main from './main.js';

const main = startProgram(packed('mcp'), 'serve')('./mcp.js') as typeof Main;

// `tm mcp` loads this file too, and calls `serve` itself.
export const { serve } = main;
if (require.main === module) main.run(process.argv.slice(2));
