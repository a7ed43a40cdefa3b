/** `sensitive`: spans contain the texts of users, models and tools. */
export type TelemetryMode = 'off' | 'on' | 'sensitive'
