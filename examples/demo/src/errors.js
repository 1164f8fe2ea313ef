/**
 * An error that the caller caused and can be told about. Everything else that is thrown is a bug and answers 500.
 */
export class AppError extends Error {
  /**
   * @param {number} status the HTTP status that fits
   * @param {string} code stable, for programs
   * @param {string} message for people: what was wrong and with which value
   * @param {Record<string, string>} [headers] extra response headers
   */
  constructor(status, code, message, headers = {}) {
    super(message);
    this.name = 'AppError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** @param {string} message */
export const badRequest = (message) => new AppError(400, 'BAD_REQUEST', message);

/** @param {string} what */
export const notFound = (what) => new AppError(404, 'NOT_FOUND', `${what} does not exist`);
