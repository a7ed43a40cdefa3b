/** `sensitive`: spans hold what users, models and tools say. */
export type TelemetryMode = 'off' | 'on' | 'sensitive'
