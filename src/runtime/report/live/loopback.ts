/**
 * Whether a request's Host header names this machine by its loopback address. Servers of pages
 * refuse every other name, so that no page of the web reads them under a name of its own that
 * was made to lead here.
 */
export function namesThisMachine(host: string | undefined, port: number): boolean {
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  return host !== undefined && names.includes(host.toLowerCase());
}
