import * as z from 'zod';
import { type Input, type Output, schema } from '../input.js';

export const listNotificationsInput = schema(() =>
  z.object({
    all: z.boolean().optional().describe('Those too that you have read'),
    type: z.string().optional().describe('Only of this type, such as unblocked, discovery, mention or message'),
    limit: z.number().int('must be a whole number').min(1, 'must be at least 1').optional(),
  }),
);

export const readNotificationsInput = schema(() =>
  z.object({
    ids: z.array(z.string()).optional().describe('These, by id or the start of it'),
    all: z.boolean().optional().describe('All that are unread'),
    type: z.string().optional().describe('Only of this type'),
  }),
);

/** Something that an agent is told. */
export const notificationView = schema(() =>
  z.object({
    id: z.string(),
    type: z.string(),
    message: z.string(),
    at: z.string().describe('UTC ISO 8601'),
    task: z.string().optional(),
    name: z.string().optional().describe('T-<number> of the task'),
    from: z.string().optional(),
    to: z.string().optional().describe('Whom it is for; absent: everybody'),
    priority: z.string().optional(),
    read: z.boolean().describe('True where you have marked it as read'),
  }),
);

export const notificationListView = schema(() =>
  z.object({
    notifications: z.array(notificationView()).describe('The newest first'),
    total: z.number(),
    truncated: z.boolean(),
  }),
);

export type ListNotificationsInput = Input<typeof listNotificationsInput>;
export type ReadNotificationsInput = Input<typeof readNotificationsInput>;
export type NotificationView = Output<typeof notificationView>;
export type NotificationListView = Output<typeof notificationListView>;
