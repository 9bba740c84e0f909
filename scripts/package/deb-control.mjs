// The texts of the Debian package.
import { manifest } from '../prepare.mjs';

/** Node's names of architectures, and Debian's. */
export const debianArchitectures = /** @type {const} */ ({ x64: 'amd64', arm64: 'arm64' });

/** A pre-release comes before its release: `1.0.0-rc.1` is `1.0.0~rc.1` in Debian's order. @returns {string} */
export const debianVersion = (/** @type {string} */ version) => version.replace('-', '~');

/**
 * The oldest libraries that the Node inside runs with: glibc 2.28 (Debian 10, RHEL 8), and the libstdc++ of GCC 7. A test reads what it asks for.
 * util-linux has flock, which holds the lock.
 */
const depends = 'libc6 (>= 2.28), libstdc++6 (>= 7), util-linux';

/** Debian wants an address that could exist. There is none to write to, and this domain says so: RFC 2606 keeps it from everybody. */
const maintainer = 'The certstate authors <noreply@certstate.example>';

/** @returns {string} */
export const control = (
  /** @type {keyof typeof debianArchitectures} */ architecture,
  /** @type {number} */ installedKilobytes,
) => `Package: certstate
Version: ${debianVersion(manifest.version)}
Architecture: ${debianArchitectures[architecture]}
Maintainer: ${maintainer}
Installed-Size: ${installedKilobytes}
Depends: ${depends}
Section: admin
Priority: optional
Description: keeps keys and certificates the way a YAML file says they should be
 plan shows how the keys and certificates on this machine differ from a
 desired state in YAML that is tracked by git; apply creates, renews and
 repairs them, a key and its certificate together, and tells the services
 that use them. check is the verdict for a pipeline.
 .
 The program brings its own runtime; nothing else needs to be installed.
`;

/** Debian's own list of changes, dated in seconds since 1970; ours stands beside it. @returns {string} */
export const debianChangelog = (/** @type {number} */ time) => `certstate (${debianVersion(manifest.version)}) unstable; urgency=medium

  * What has changed stands in CHANGELOG.md.gz beside this file.

 -- ${maintainer}  ${new Date(time * 1000).toUTCString().replace('GMT', '+0000')}
`;

/** What everything inside is under. Debian's tools may leave out the rest of the documentation, never this. @returns {string} */
export const copyright = (
  /** @type {string} */ bundled,
  /** @type {string} */ node,
) => `certstate is free software under the Apache License, Version 2.0.
On Debian systems its text is in /usr/share/common-licenses/Apache-2.0.

${bundled.trimEnd()}

${'='.repeat(80)}
The program runs on Node.js, which is inside it, under the following licences.

${node.trimEnd()}
`;
