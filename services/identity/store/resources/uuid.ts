/** Ids of ours are UUIDs, version 7: they sort by the time they were made. */
import { v7 } from 'uuid';

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const newId = (): string => v7();

/** Whether the text can be an id of ours; any other text is simply an id nobody has. */
export const isUuid = (text: string): boolean => SHAPE.test(text);
