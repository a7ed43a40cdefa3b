import { AdapterFault, type Capability, type Runtime, type Team } from '../contract/runtime.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import { DriverProcess, READY_MS } from './driver-process.ts'
import { openRemoteTeam } from './remote-team.ts'

/** A runtime whose driver is a process of its own. The driver is started at once, and again if it was lost. */
export interface RemoteRuntime extends Runtime {
  remote: true
  /** Ends the driver. */
  end(): void
}

/**
 * Starts a driver and waits until it is ready. Throws an `AdapterFault` if it does not start, or is not ready within
 * `readyMs` milliseconds and therefore was ended. For its first plan it has `firstOpenMs` milliseconds to open it.
 */
export async function startRemote(
  name: string,
  command: DriverCommand,
  readyMs: number = READY_MS,
  firstOpenMs: number = READY_MS,
): Promise<RemoteRuntime> {
  let driver = new DriverProcess(command, readyMs, firstOpenMs)
  const { version, supports, hooks, retries } = await driver.ready
  driver.unref()
  return {
    name,
    version,
    supports: new Set(supports as Capability[]),
    hooks: hooks as Runtime['hooks'],
    ...(retries === undefined ? {} : { retries }),
    remote: true,
    async open(world): Promise<Team> {
      if (world.remote === undefined)
        throw new AdapterFault('open(): found no way to another process, expected one')
      // A driver that did not close the plan before cannot be used for another.
      if (driver.engaged) driver.kill('a plan is still open in it')
      if (!driver.alive) driver = new DriverProcess(command, readyMs, firstOpenMs)
      await driver.ready
      driver.unref()
      return openRemoteTeam(driver, world, world.remote)
    },
    end: () => driver.kill('no longer needed'),
  }
}
