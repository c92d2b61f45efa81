/** The overall exposure of a service's sandbox, as a number. */
export const exposureOf = (id: string) =>
  `systemd-analyze security --no-pager ${id}.service | sed -n 's/.*Overall exposure level for .*: \\([0-9.]*\\).*/\\1/p'`;
