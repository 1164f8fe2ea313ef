import { packed, startProgram } from '../platform/start/start.js';

const [command = ''] = process.argv.slice(2);
// What the build asks of it, every definition of a command, nobody needs at a start.
startProgram(packed('tm'), command.startsWith('__') ? undefined : command)('./tm.js');
