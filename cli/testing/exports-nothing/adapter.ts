export const runtime = { name: 'exports-nothing' }
