/** The entry of a file's metadata that holds what unetc says of its network, as JSON. */
export const factsEntry = 'unetc.network';
