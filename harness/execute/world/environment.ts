/**
 * Holds the process's environment variables: `release` sets them back to what they were. A runtime whose telemetry is
 * switched by a variable changes them for one plan, and the next plan must not see that.
 */
export function holdEnvironment(): { release(): void } {
  const own = { ...process.env }
  return {
    release() {
      // Each look at a variable of the process is slow, so all are taken at once.
      const now = { ...process.env }
      for (const name of Object.keys(now)) if (!(name in own)) delete process.env[name]
      for (const [name, value] of Object.entries(own)) if (now[name] !== value) process.env[name] = value
    },
  }
}
