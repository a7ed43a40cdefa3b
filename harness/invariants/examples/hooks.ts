import { asked, ended, failed, hook, registered, said, stopped, update } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = [said(RUN, 'hello there, agent')]
const done = ended(RUN, 'completed')

export const hooks: Record<string, Examples> = {
  'after-run-only-on-success': {
    holds: [
      [...begun, hook(RUN, 'after_run'), done],
      [...begun, ended(RUN, 'incomplete')],
      [...begun, failed(RUN), said('c1.t0', 'hi'), hook('c1.t0', 'after_run'), ended('c1.t0', 'completed')],
      // It was a success until a hook threw, or the consumer stopped.
      [...begun, hook(RUN, 'after_run'), hook(RUN, 'cleanup', { threw: true }), failed(RUN)],
      [...begun, hook(RUN, 'after_run'), stopped(RUN, 'abort'), ended(RUN, 'stopped')],
      [...begun, stopped(RUN, 'drop'), hook(RUN, 'after_run')],
      // An agent called as a tool may succeed in a run that does not.
      [
        ...begun,
        asked(1, RUN, [], { agent: 'a' }),
        asked(2, RUN, [], { agent: 'b' }),
        hook(RUN, 'after_run', { agent: 'b' }),
        failed(RUN),
      ],
    ],
    breaks: [
      {
        history: [...begun, hook(RUN, 'after_run'), failed(RUN)],
        says: 'after_run fired for run c0.t0, which failed',
      },
      {
        history: [...begun, stopped(RUN, 'abort'), hook(RUN, 'after_run'), ended(RUN, 'stopped')],
        says: 'which was stopped',
      },
      { history: [...begun, hook(RUN, 'after_run'), ended(RUN, 'hung')], says: 'which hung' },
      {
        history: [...begun, hook(RUN, 'transform', { threw: true }), hook(RUN, 'after_run'), failed(RUN)],
        says: 'which failed',
      },
      { history: [...begun, done], says: 'after_run did not fire for run c0.t0, which completed' },
      {
        // The documentation of the hook says that it is also called then.
        history: [{ kind: 'runtime', afterIncomplete: true }, ...begun, ended(RUN, 'incomplete')],
        says: 'after_run did not fire for run c0.t0, which ended incomplete',
      },
    ],
  },
  'result-hook-fires': {
    holds: [
      [...begun, asked(1, RUN), hook(RUN, 'result'), done],
      [...begun, failed(RUN)],
      // A run that is not streamed may have no result hook.
      [said(RUN, 'hello there, agent', { stream: false }), done],
    ],
    breaks: [
      { history: [...begun, done], says: 'result did not fire for run c0.t0, which completed' },
      {
        history: [...begun, hook(RUN, 'result'), done, said('c1.t0', 'hi'), ended('c1.t0', 'completed')],
        says: 'result did not fire for run c1.t0',
      },
    ],
  },
  'before-run-once': {
    holds: [
      [...begun, hook(RUN, 'before_run'), asked(1, RUN), asked(2, RUN), done],
      [...begun, failed(RUN)],
      [
        ...begun,
        hook(RUN, 'before_run', { agent: 'a' }),
        asked(1, RUN, [], { agent: 'a' }),
        hook(RUN, 'before_run', { agent: 'b' }),
        asked(2, RUN, [], { agent: 'b' }),
      ],
    ],
    breaks: [
      { history: [...begun, asked(1, RUN), hook(RUN, 'before_run'), done], says: 'fired after request 1' },
      { history: [...begun, asked(1, RUN), done], says: 'did not fire before request 1 of run c0.t0' },
      {
        history: [...begun, hook(RUN, 'before_run'), hook(RUN, 'before_run'), asked(1, RUN), done],
        says: 'before_run fired twice',
      },
    ],
  },
  'hooks-fire-once-each': {
    holds: [
      [
        ...begun,
        hook(RUN, 'transform'),
        update(RUN, 'a'),
        hook(RUN, 'transform'),
        hook(RUN, 'result'),
        hook(RUN, 'cleanup'),
        done,
      ],
      [...begun, said('c1.t0', 'hi'), hook(RUN, 'result'), hook('c1.t0', 'result')],
      [registered('register'), registered('remove'), registered('release', {}), registered('register')],
      [registered('register'), registered('register', { instance: 1 })],
      // Somebody has taken it out, or it was not taken.
      [registered('register', { sabotage: 'drop' }), registered('register')],
      [registered('register', { sabotage: 'throw' }), registered('register')],
    ],
    breaks: [
      {
        history: [...begun, hook(RUN, 'transform'), update(RUN, 'a'), update(RUN, 'b'), done],
        says: 'run c0.t0 delivered 2 updates, but transform saw only 1',
      },
      {
        history: [
          ...begun,
          said('c1.t0', 'hi'),
          hook('c1.t0', 'result'),
          hook(RUN, 'result'),
          hook('c1.t0', 'result'),
        ],
        says: 'result fired twice for run c1.t0',
      },
      {
        history: [...begun, registered('register'), registered('register'), done],
        says: 'the hook preReasoning of agent a was registered twice at the same time',
      },
    ],
  },
  'cleanup-once': {
    holds: [
      [...begun, hook(RUN, 'result'), hook(RUN, 'cleanup'), done],
      [...begun, hook(RUN, 'cleanup'), failed(RUN)],
      [...begun, stopped(RUN, 'return'), ended(RUN, 'stopped'), hook(RUN, 'cleanup')],
      [...begun, stopped(RUN, 'drop')],
      // It begins with its first pull, and there was none.
      [...begun, stopped(RUN, 'return'), ended(RUN, 'stopped')],
      // A hook that is on streams alone.
      [said(RUN, 'hello there, agent', { stream: false }), done],
    ],
    breaks: [
      { history: [...begun, failed(RUN)], says: 'cleanup did not fire for run c0.t0, which ended' },
      {
        history: [...begun, asked(1, RUN), stopped(RUN, 'return'), ended(RUN, 'stopped')],
        says: 'did not fire for run c0.t0, which ended',
      },
      { history: [...begun, hook(RUN, 'cleanup'), hook(RUN, 'cleanup'), done], says: 'cleanup fired twice' },
      {
        history: [...begun, hook(RUN, 'result'), hook(RUN, 'cleanup'), failed(RUN)],
        says: 'result fired for run c0.t0, which failed',
      },
    ],
  },
  'hooks-released-when-idle': {
    holds: [
      [...begun, done],
      [{ kind: 'left-open', what: 'timer', message: '1 timer' }],
      [...begun, done, { kind: 'collection', held: [] }],
      [...begun, done, { kind: 'collection', held: null }],
      [registered('register'), registered('register'), registered('remove'), registered('remove')],
      // The plan took the hook away.
      [registered('register', { sabotage: 'drop' }), registered('remove')],
    ],
    breaks: [
      {
        history: [...begun, done, { kind: 'left-open', what: 'hook', message: '2 hooks of agent a' }],
        says: 'hook still registered after the last run ended: 2 hooks of agent a',
      },
      {
        history: [...begun, done, { kind: 'collection', held: [0, 2] }],
        says: 'replaced agents are still in memory: number 0 and 2',
      },
      {
        history: [...begun, registered('register'), registered('remove'), registered('remove'), done],
        says: 'the hook preReasoning of agent a was reported as removed, but it was not registered',
        cause: 'hook removed that was not registered',
      },
    ],
  },
}
