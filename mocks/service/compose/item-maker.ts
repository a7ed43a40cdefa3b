/** Makes ids and encrypted content for items. */
export interface ItemMaker {
  makeItemId(type: string): string
  makeCallId(): string
  /** Returns an `encrypted_content` that the service can verify later. */
  makeSeal(): string
  /** Whether reasoning items have `encrypted_content` in this response. */
  encrypted: boolean
}
