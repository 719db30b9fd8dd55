/**
 * Imported before anything else, it puts this process and those that it starts into a time zone that differs from UTC
 * by hours and by half an hour: the engine takes its own from the environment when it is loaded.
 */
process.env['TZ'] = 'America/St_Johns';
