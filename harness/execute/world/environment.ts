/**
 * Keeps the process's environment: a runtime whose telemetry is switched by a variable has it set for one plan, and the
 * next plan finds the environment as it was.
 */
export function holdEnvironment(): { release(): void } {
  const own = { ...process.env }
  return {
    release() {
      for (const name of Object.keys(process.env)) if (!(name in own)) delete process.env[name]
      for (const [name, value] of Object.entries(own))
        if (process.env[name] !== value) process.env[name] = value
    },
  }
}
