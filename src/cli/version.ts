/** Set by the build from package.json. */
declare const __CERTSTATE_VERSION__: string | undefined;

/** The version of this program; `0.0.0-source` where the source itself is run. */
export const version: string = typeof __CERTSTATE_VERSION__ === 'string' ? __CERTSTATE_VERSION__ : '0.0.0-source';
