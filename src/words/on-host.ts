/**
 * The variable that every deployment sets for its app, and nobody else: by it, what is for the host alone tells that it
 * is there. Its value is the app's name.
 */
export const ON_HOST = 'DEPLOYED_AS';

/** The module that a release brings around an app. */
export const DEPLOYED_APP = 'deployed_app';
