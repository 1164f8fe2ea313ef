import { type GetPromptResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';

/** What a person asks an agent to do, in the words that make the tools work together. */
interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string; readonly description: string; readonly required: boolean }[];
  text(given: Readonly<Record<string, string>>): string;
}

const PROMPTS: readonly Prompt[] = [
  {
    name: 'plan_feature',
    title: 'Plan a feature',
    description: 'Turn an idea into tasks with dependencies and criteria',
    arguments: [{ name: 'goal', description: 'What is to be there when it is done', required: true }],
    text: ({ goal }) => `Plan this: ${goal}

1. Look with search_tasks and plan://summary for what is planned already; do not plan it twice.
2. Read the code that it touches.
3. Propose the tasks to me first: each small enough for one sitting, with criteria that can be checked, and what it waits for. Wait until I agree.
4. Then make them with create_task (dependencies, criteria) and link_file for the places in the code. A written requirements document is read by parse_prd instead.
5. Show the result with get_task_graph as Mermaid, and say what can be started now.`,
  },
  {
    name: 'work_next',
    title: 'Work on the next task',
    description: 'Take the best ready task and carry it out',
    arguments: [{ name: 'focus', description: 'Only tasks with this tag', required: false }],
    text: ({ focus }) => `Work on the next task of the plan.

1. Call next_work${focus ? ` with required_tags ["${focus}"]` : ''}. Where it gives none, tell me why and what would help; stop there.
2. Set the task in_progress, read what came with it, and do the work. Stay within it: for what you find beside it, use create_task and go on.
3. If you are stuck, set it blocked with the reason, or release it, and tell me.
4. Check each criterion, run the tests, then set it completed with a summary of what was done and what others need to know.
5. Tell me what became ready.`,
  },
  {
    name: 'review_plan',
    title: 'Review the plan',
    description: 'Find what is wrong with the plan, and what to do about it',
    arguments: [],
    text: () => `Review the plan with me. Change nothing until I say so.

1. Read plan://summary, then list_tasks with include_metrics and get_task_graph for the critical path.
2. Tell me, the most important first: tasks that are overdue, blocked or wait for a decision, claims that ran out, tasks without criteria or estimate on the critical path, tasks too large for one sitting, work that is planned twice.
3. For each, say what you would do, in one line with the task's name.`,
  },
];

/** Registers listing and reading of the prompts. */
export function servePrompts(server: Server): void {
  server.setRequestHandler('prompts/list', () => ({
    prompts: PROMPTS.map(({ name, title, description, arguments: parameters }) => ({
      ...{ name, title, description },
      ...(parameters.length > 0 && { arguments: parameters.map((one) => ({ ...one })) }),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params: { name, arguments: given = {} } }): GetPromptResult => {
    const prompt = PROMPTS.find((one) => one.name === name);
    if (!prompt) {
      const names = PROMPTS.map((one) => one.name).join(', ');
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `There is no prompt “${name.slice(0, 80)}”. There are: ${names}.`,
      );
    }
    const missing = prompt.arguments.find((one) => one.required && !given[one.name]?.trim());
    if (missing)
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `${name} needs “${missing.name}”: ${missing.description}.`,
      );
    const content = { type: 'text' as const, text: prompt.text(given) };
    return { description: prompt.description, messages: [{ role: 'user', content }] };
  });
}
