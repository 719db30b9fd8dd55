import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import type { RetrainState } from '../notify/retrain-states.ts';
import { type DeskAnswer, RetrainDesk } from '../pipeline/retraining/retrain-desk.ts';
import type { RetrainView } from '../pipeline/retraining/retrain-view.ts';
import { openStore } from '../store/client.ts';
import { migrate } from '../store/migrate.ts';
import type { CommandContext } from './context.ts';
import { callDaemon } from './daemon-call.ts';
import { type DeskFlags, deskPlace } from './desk-options.ts';

/** Where people look at requests for new models, and decide about them. What is refused is an error. */
export interface OpenRetrainDesk {
  list(filter: { model?: string; state?: RetrainState; limit: number }): Promise<readonly RetrainView[]>;
  get(id: string): Promise<RetrainView>;
  approve(id: string, author: string): Promise<RetrainView>;
  cancel(id: string, author: string, reason: string): Promise<RetrainView>;
  close(): Promise<void>;
}

export async function openRetrainDesk(flags: DeskFlags, context: CommandContext): Promise<OpenRetrainDesk> {
  const place = await deskPlace(flags, context);
  if ('url' in place) return httpDesk(place.url);
  const store = await openStore(place.config.store);
  await migrate(store);
  const targets = () => place.config.retraining;
  const desk = new RetrainDesk({ clock: systemClock, store, targets });
  return {
    list: (filter) => desk.list(filter),
    get: async (id) => {
      const view = await desk.get(id);
      if (view === undefined) throw new DriftdError('input', `there is no retraining request ${id}`);
      return view;
    },
    approve: async (id, author) => viewIn(await desk.approve(id, author)),
    cancel: async (id, author, reason) => viewIn(await desk.cancel(id, author, reason)),
    close: () => store.close(),
  };
}

function viewIn(answer: DeskAnswer): RetrainView {
  if (answer.kind === 'done') return answer.view;
  throw new DriftdError('input', answer.message);
}

function httpDesk(base: string): OpenRetrainDesk {
  const path = (id: string, verb = ''): string => `retrains/${encodeURIComponent(id)}${verb}`;
  return {
    list: async ({ limit, ...filter }) => {
      const query = new URLSearchParams({ limit: String(limit), ...filter });
      const answer = await callDaemon(base, 'GET', `retrains?${query}`);
      return (answer as { retrains: RetrainView[] }).retrains;
    },
    get: async (id) => (await callDaemon(base, 'GET', path(id))) as RetrainView,
    approve: async (id, author) =>
      (await callDaemon(base, 'POST', path(id, '/approve'), { author })) as RetrainView,
    cancel: async (id, author, reason) =>
      (await callDaemon(base, 'POST', path(id, '/cancel'), { author, reason })) as RetrainView,
    close: async () => undefined,
  };
}
