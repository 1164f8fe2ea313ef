import * as z from 'zod';
import { DEFAULT_LEASE, parseDuration } from '../../core/model/claim.js';
import { type Input, schema } from '../input.js';
import { leaseVersion, taskAddress } from '../tasks/taskInputs.js';

const leaseTime = schema(() =>
  z
    .string()
    .default('30m')
    .describe('How long the claim lasts, from 1s to 30d: 90s, 30m, 2h, 1d')
    .transform((text) => (text === '30m' ? DEFAULT_LEASE : parseDuration(text))),
);

export const claimInput = schema(() =>
  z.object({
    task: taskAddress().optional().describe('The task; absent: the best ready one'),
    query: z.string().optional().describe('Of the ready tasks only those that this filter admits, such as: tag:api'),
    for: leaseTime(),
    takeOver: z
      .boolean()
      .optional()
      .describe('Take it from whoever holds it; that is recorded, and the holder is told'),
    reason: z.string().trim().min(1).max(1000).optional().describe('Why it is taken over'),
  }),
);

export const renewInput = schema(() =>
  z.object({ task: taskAddress(), for: leaseTime(), lease: leaseVersion().optional() }),
);

export const releaseInput = schema(() => z.object({ task: taskAddress(), lease: leaseVersion().optional() }));

export type ClaimInput = Input<typeof claimInput>;
export type RenewInput = Input<typeof renewInput>;
export type ReleaseInput = Input<typeof releaseInput>;
