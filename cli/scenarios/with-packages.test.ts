import { expect, test } from 'vitest'
import { UsageError } from '../exit-codes.ts'
import { nameSubjects } from '../repeat-commands.ts'
import { chooseSubjects } from './chosen.ts'
import { selectBeside } from './with-packages.ts'

const choose = (runtime: string, ...asked: string[]) =>
  chooseSubjects([runtime]).subjects.map((one) => selectBeside(one, asked))

test('a chosen package is part of the name of a runtime, with the version of the runtime', () => {
  expect(choose('agentscope', 'AgentScope@1.0.19')).toMatchObject([
    { name: 'agentscope@0.9.0 with agentscope@1.0.19', version: '0.9.0', beside: { agentscope: '1.0.19' } },
  ])
  expect(choose('agentscope@0.5.0', 'agentscope@1.0.19', 'mcp@1.20.0')).toMatchObject([
    {
      name: 'agentscope@0.5.0 with agentscope@1.0.19 with mcp@1.20.0',
      version: '0.5.0',
      beside: { agentscope: '1.0.19', mcp: '1.20.0' },
    },
  ])
})

test('a choice that changes nothing leaves the runtime as it is, so that its known.yaml applies', () => {
  expect(choose('agentscope', 'agentscope@2.0.10')).toEqual(chooseSubjects(['agentscope']).subjects)
  expect(choose('reference')).toEqual(chooseSubjects(['reference']).subjects)
})

test('a command that is printed chooses the same runtime again', () => {
  const subjects = choose('agentscope', 'agentscope@1.0.19')
  const [[name, command] = []] = nameSubjects({ subjects, settings: { seed: 0, runs: 1 } })
  expect(name).toBe(subjects[0]?.name)
  const [runtime = '', , ...asked] = (command ?? '').split(' ')
  expect(command).toBe('agentscope@0.9.0 --with agentscope@1.0.19')
  expect(choose(runtime, ...asked)).toEqual(subjects)
})

test.each(['openai-go-loop', 'openai-agents'])('%s has no further packages', (runtime) => {
  expect(() => choose(runtime, 'x@1.0')).toThrow(UsageError)
})

test('so many packages that the name is no name any more are refused', () => {
  const asked = [
    'agentscope@1.0.19',
    ...['mcp', 'tqdm', 'greenlet', 'openai'].map((one) => `${one}@1.0.${'1'.repeat(60)}`),
  ]
  expect(() => choose('agentscope', ...asked)).toThrow(
    /^--with: found 5 packages, expected their names to fit/,
  )
})
