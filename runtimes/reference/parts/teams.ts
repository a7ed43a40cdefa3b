/** How a team is closed. */
export interface TeamParts {
  /** Closes the team. `cancelRuns` cancels the runs that have not ended, and resolves when their hooks have run. */
  closeTeam(cancelRuns: () => Promise<unknown>): Promise<unknown>
}

export const soundTeams: TeamParts = {
  closeTeam: (cancelRuns) => cancelRuns(),
}
