/** What is known of the storage of assets: whether names carry a hash. https://docs.djangoproject.com/en/stable/ref/contrib/staticfiles/ */
import type { Packaging } from '../../detect/packaging.ts';
import { liftSettings, type SettingReader } from '../../detect/settings.ts';
import { withUnless } from '../../evaluate/alternatives.ts';
import { type Abstract, bool, known, NOT_SET } from '../../evaluate/data.ts';
import type { Evaluator } from '../../evaluate/index.ts';
import { storageBackend, storageKind } from './settings.ts';

interface StorageFacts {
  /** Whether another host keeps these files. */
  static: Abstract;
  media: Abstract;
  hashed: Abstract;
}

/** Whether the storages keep files elsewhere, and hash names. */
export function storageFacts(evaluate: Evaluator, read: SettingReader, packaging: Packaging): StorageFacts {
  const assets = storageBackend(read, 'staticfiles', 'STATICFILES_STORAGE');
  const uploads = storageBackend(read, 'default', 'DEFAULT_FILE_STORAGE');
  const remote = (backend: Abstract): Abstract =>
    liftSettings([backend], (data) => {
      if (data.t !== 'str') return bool(false);
      const kind = storageKind(evaluate, data.v);
      return kind.remote === undefined
        ? {
            t: 'unknown',
            because: `the storage ${data.v} is not known, so neither is whether its files lie here`,
          }
        : bool(kind.remote);
    });
  const hashed = liftSettings([assets], (data) => {
    if (data.t !== 'str') return bool(false);
    const kind = storageKind(evaluate, data.v);
    return kind.hashed === undefined
      ? { t: 'unknown', because: `the storage ${data.v} is not known, so neither is whether it hashes names` }
      : bool(kind.hashed);
  });
  return { static: remote(assets), media: remote(uploads), hashed: olderSetting(read, packaging, hashed) };
}

/** From Django 5.1 on STATICFILES_STORAGE means nothing: https://docs.djangoproject.com/en/5.1/releases/5.1/ */
function olderSetting(read: SettingReader, packaging: Packaging, hashed: Abstract): Abstract {
  if (!reliesOnOlderSetting(read)) return hashed;
  const version = packaging.version('django');
  if (version.kind !== 'known') {
    return withUnless(hashed, 'the installed Django is 5.1 or newer, which ignores STATICFILES_STORAGE');
  }
  return ignoresOlderSetting(version.value) ? known(bool(false), version.from) : hashed;
}

/** Do the settings name the storage by STATICFILES_STORAGE alone? */
export function reliesOnOlderSetting(read: SettingReader): boolean {
  return read('STATICFILES_STORAGE') !== NOT_SET && read('STORAGES') === NOT_SET;
}

/** Does this version of Django ignore STATICFILES_STORAGE? */
export function ignoresOlderSetting(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 1);
}
