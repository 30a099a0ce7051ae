/** What is kept of tokens in this process: they are secrets, so their digests. */
import { hash } from 'node:crypto';

export const digestOf = (text: string): string => hash('sha256', text, 'base64url');
