/** Something wrong inside a text, `offset` characters from its start. */
export interface TextFault {
  readonly message: string;
  readonly offset: number;
}
