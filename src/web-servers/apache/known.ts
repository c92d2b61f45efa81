/** What becomes of Apache's directives, by their names in lower case. https://httpd.apache.org/docs/2.4/mod/quickreference.html */
import { known } from '../../detect/deployment/accounts.ts';

/** Sections that only gather others. */
export const SECTION =
  /^(?:virtualhost|directory|directorymatch|location|locationmatch|files|filesmatch|ifmodule|ifdefine|ifversion|iffile|ifdirective|ifsection|proxy|proxymatch|requireall)$/;

/** Those of a site, wherever they stand; reads.ts says more of those whose arguments matter. */
export const DIRECTIVES = known(
  {
    taken: 'servername serveralias wsgiscriptalias limitrequestbody',
    decided: `acceptpathinfo allowoverridelist chrootdir defaulttype flushmaxpipelined flushmaxthreshold httpprotocoloptions maxrangeoverlaps maxrangereversals
      maxranges mergeslashes mergetrailers qualifyredirecturl readbuffersize regexdefaultoptions stricthostcheck watchdoginterval acceptfilter accessfilename allowencodedslashes addcharset adddefaultcharset addencoding addlanguage addtype allowoverride asyncrequestworkerfactor bufferedlogs
      contentdigest coredumpdirectory customlog defaultruntimedir directoryindex documentroot enablemmap enablesendfile errorlog errorlogformat
      extendedstatus fileetag globallog graceshutdowntimeout group hostnamelookups keepalive keepalivetimeout listen
      listenbacklog loadfile loadmodule logformat loglevel maxconnectionsperchild maxkeepaliverequests maxmemfree maxrequestsperchild
      maxrequestworkers maxspareservers maxsparethreads maxclients mimemagicfile minspareservers minsparethreads mutex namevirtualhost order
      pidfile proxypassreverse proxyrequests proxyvia proxytimeout receivebuffersize registerhttpmethod requestreadtimeout
      scoreboardfile seerequesttail sendbuffersize serveradmin serverlimit serverroot serversignature servertokens
      startservers startthreads threadlimit threadsperchild threadstacksize timeout traceenable transferlog typesconfig unsetenv
      usecanonicalname usecanonicalphysicalport user wsgiapplicationgroup wsgidaemonprocess wsgiimportscript wsgilazyinitialization
      wsgiprocessgroup wsgipythonhome wsgipythonpath wsgirestrictembedded wsgirestrictprocess wsgirestrictsignal wsgirestrictstdin
      wsgirestrictstdout wsgisocketprefix wsgisocketrotation wsgiscriptreloading rewriteengine expiresactive expiresbytype expiresdefault h2push h2direct
      protocols protocolshonororder setoutputfilter addoutputfilterbytype deflatecompressionlevel browsermatch browsermatchnocase`,
    environment: 'setenv passenv',
    answers:
      'remoteipheader remoteipinternalproxy remoteiptrustedproxy remoteipinternalproxylist remoteiptrustedproxylist',
    server:
      'wsgipassauthorization wsgichunkedrequest wsgienableclosefds wsgihandlerscript wsgimaplogfile wsgicasesensitive',
    limits: 'rlimitcpu rlimitmem rlimitnproc',
    services:
      'action addhandler sethandler balancermember proxypassmatch proxyset scriptalias scriptaliasmatch fcgidwrapper phpadminvalue php_admin_value php_value php_flag php_admin_flag passengerenabled passengerpython passengerapproot',
    web: `keptbodysize removeencoding removecharset removelanguage removeinputfilter removeoutputfilter alias aliasmatch allow allowmethods authbasicprovider authname authtype authuserfile authgroupfile addoutputfilter addinputfilter
      bufferedsize cgipassauth define deny dirslash directoryslash else elseif errordocument fallbackresource forcetype header headername if
      indexignore indexoptions limit limitexcept limitrequestfields limitrequestfieldsize limitrequestline limitxmlrequestbody
      macro multiviewsmatch options proxyaddheaders proxybadheader proxyerroroverride proxypreservehost readmename redirect redirectmatch
      redirectpermanent redirecttemp removehandler removetype require requireany requirenone rewritebase rewritecond rewritelog rewritemap rewriteoptions
      rewriterule requestheader satisfy serverpath setenvif setenvifnocase setenvifexpr setinputfilter substitute undefine use xsendfile xsendfilepath
      wsgiaccessscript wsgiauthgroupscript wsgiauthuserscript wsgierroroverride wsgiscriptaliasmatch wsgitrustedproxies
      wsgitrustedproxyheaders wsgifilewrapper addicon addiconbyencoding addiconbytype defaulticon adddescription`,
  },
  {
    decided: /^(?:ssl|deflate|h2|md[a-z]|mpm)/,
    web: /^(?:auth|cache|dav|session|sec|dump|filter|ext|log|mod_?security|oidc|mellon|cas|shib|ldap|dbd|geoip|maxmind|evasive|dos|qos|remoteip|substitute|lua|status|proxy|brotli|expires|cookie|index|cgi|limit|userdir)/,
    services: /^(?:php|fcgid|passenger|jk)/,
  },
);

/** Headers of a request that are set by every kit. */
export const USUAL_HEADERS = /^(?:x-forwarded-\w+|x-real-ip|x-scheme|x-url-scheme|proxy)$/i;
