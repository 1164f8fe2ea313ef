import { DEFAULT_SETTINGS } from '../../../core/settings/settings.js';
import { WorkCalendar } from '../../../core/time/workCalendar.js';
import { LOCAL_ZONE } from '../../../core/time/workingHours.js';
import type { StoreFolder } from '../../ports.js';
import { readSettingsFile } from '../../settings/settingsFile.js';

/** When people work in this project. Throws INVALID_INPUT where the settings are not valid. */
export function workCalendar(folder: StoreFolder): WorkCalendar {
  const { working_hours: hours } = readSettingsFile(folder) ?? DEFAULT_SETTINGS;
  const local = hours.time_zone.toLowerCase() === LOCAL_ZONE;
  return new WorkCalendar({
    ...hours,
    ...(local && { time_zone: new Intl.DateTimeFormat().resolvedOptions().timeZone }),
  });
}
