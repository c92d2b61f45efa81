/** The answers file's name in the output folder; a folder with it is one that this tool wrote. */
export const ANSWERS_FILE = 'deploy-scaffold.yaml';
