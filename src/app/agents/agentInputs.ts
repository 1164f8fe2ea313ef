import * as z from 'zod';
import { checkAgentName } from '../../core/model/agentName.js';
import { InvalidInputError } from '../../core/model/errors.js';
import { parsePriority } from '../../core/model/priority.js';
import { checkTags } from '../../core/model/task.js';
import { checkText } from '../collaboration/collaborationInputs.js';
import { type Input, type Output, schema } from '../input.js';

export const AGENT_STATUSES = ['active', 'inactive'] as const;
export const METRIC_RANGES = ['daily', 'weekly', 'monthly'] as const;
/** What a message to everybody is addressed to. */
export const BROADCAST = 'broadcast';

const agentId = schema(() =>
  z.string().describe('The name under which it acts (TM_AGENT_ID)').transform(checkAgentName),
);
const line = schema(() => z.string().trim().min(1, 'must not be empty').max(200, 'is longer than 200 characters'));
const status = schema(() =>
  z.enum(AGENT_STATUSES, 'use active or inactive').describe('inactive: it gets no tasks when work is redistributed'),
);

export const registerInput = schema(() =>
  z.object({
    id: agentId().transform((id) => {
      if (id !== BROADCAST) return id;
      throw new InvalidInputError('id', `“${BROADCAST}” means all agents; take another name.`);
    }),
    name: line().describe('How people call it'),
    type: line().optional().describe('What it is for, such as backend; general by itself'),
    capabilities: z
      .array(z.string())
      .optional()
      .describe('What it can do, as tags: work is redistributed by them')
      .transform((list) => list && checkTags(list)),
    status: status().optional(),
  }),
);

export const listAgentsInput = schema(() =>
  z.object({
    status: z
      .enum([...AGENT_STATUSES, 'unregistered'], 'use active, inactive or unregistered')
      .optional()
      .describe('Only these; unregistered: known by what they did'),
    type: z.string().optional().describe('Only of this type'),
  }),
);

export const metricsInput = schema(() =>
  z.object({
    agent: agentId(),
    range: z.enum(METRIC_RANGES, 'use daily, weekly or monthly').default('daily').describe('The last 1, 7 or 30 days'),
  }),
);

export const messageInput = schema(() =>
  z.object({
    from: agentId().optional().describe('In whose name; by default your own'),
    to: agentId().describe(`Whom it is for; ${BROADCAST}: everybody`),
    text: z.string().describe('At most 20,000 characters').transform(checkText),
    priority: z
      .string()
      .optional()
      .describe('critical, high, medium, low or background')
      .transform((text) => (text === undefined ? undefined : parsePriority(text))),
  }),
);

export const redistributeInput = schema(() =>
  z.object({
    threshold: z
      .number()
      .min(0, 'must be from 0 to 100')
      .max(100, 'must be from 0 to 100')
      .default(80)
      .describe('Load in percent above which tasks are moved away'),
    dryRun: z.boolean().optional().describe('Only say what would be moved'),
  }),
);

const workView = schema(() =>
  z.object({
    tasks: z.number().describe('Open tasks that are assigned to it'),
    hours: z.number().describe('Their estimates together'),
    completedToday: z.number(),
    load: z.number().describe('Percent: 10 a task and 5 an hour, less 5 a task completed today; 0 to 100'),
  }),
);

export const agentView = schema(() =>
  z.object({
    id: z.string(),
    name: z.string(),
    type: z.string().optional(),
    capabilities: z.array(z.string()),
    status: z.enum([...AGENT_STATUSES, 'unregistered']),
    registeredAt: z.string().optional(),
    lastSeenAt: z.string().optional().describe('When it last changed something'),
    work: workView(),
    claims: z.array(z.string()).describe('Ids of the tasks that it holds now'),
  }),
);

export const agentListView = schema(() => z.object({ agents: z.array(agentView()), total: z.number() }));

/** A number with what it was made from; null where there was nothing. */
const measure = schema(() => z.object({ value: z.number().nullable(), n: z.number().describe('How many tasks') }));

export const metricsView = schema(() =>
  z.object({
    agent: z.string(),
    range: z.enum(METRIC_RANGES),
    since: z.string(),
    completed: z.number(),
    open: z.number(),
    completionRate: measure().describe('Percent: completed of completed, cancelled and open ones'),
    averageHours: measure().describe('From start to completion'),
    estimateRatio: measure().describe('Actual hours by estimated ones: above 1 took longer'),
    quality: measure().describe('Feedback, 1 to 5'),
    timeliness: measure().describe('Feedback, 1 to 5'),
    shared: z.number().describe('Updates, discoveries, sync points and progress that it shared'),
  }),
);

export const messageView = schema(() =>
  z.object({ id: z.string(), from: z.string(), to: z.string(), text: z.string(), priority: z.string().optional() }),
);

export const moveView = schema(() =>
  z.object({
    task: z.string(),
    name: z.string(),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    matches: z.array(z.string()).describe('Capabilities of the new one that the task asks for'),
  }),
);

export const redistributionView = schema(() =>
  z.object({
    dryRun: z.boolean(),
    threshold: z.number(),
    moves: z.array(moveView()),
    loads: z
      .array(z.object({ agent: z.string(), before: z.number(), after: z.number() }))
      .describe('Of those whose load is another then'),
    overloaded: z.array(z.string()).describe('Who is above the threshold even then'),
  }),
);

export type RegisterInput = Input<typeof registerInput>;
export type ListAgentsInput = Input<typeof listAgentsInput>;
export type MetricsInput = Input<typeof metricsInput>;
export type MessageInput = Input<typeof messageInput>;
export type RedistributeInput = Input<typeof redistributeInput>;
export type AgentView = Output<typeof agentView>;
export type AgentListView = Output<typeof agentListView>;
export type AgentMetricsView = Output<typeof metricsView>;
export type MessageView = Output<typeof messageView>;
export type RedistributionView = Output<typeof redistributionView>;
