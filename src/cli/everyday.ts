/** The commands of every day are one part of the program: a file more to load costs more than a few lines more in it. */
export { addAdd } from './commands/add.js';
export { addAssign } from './commands/assign.js';
export { addClaimCommands } from './commands/claims.js';
export { addCollaborationCommands } from './commands/collaboration.js';
export { addComplete } from './commands/complete.js';
export { addDelete } from './commands/delete.js';
export { addEdgeCommands } from './commands/edges.js';
export { addListCommands } from './commands/list.js';
export { addNext } from './commands/next.js';
export { addReady } from './commands/ready.js';
export { addShow } from './commands/show.js';
export { addStatusCommands } from './commands/status.js';
export { addUpdate } from './commands/update.js';
