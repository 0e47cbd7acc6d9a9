/**
 * The page for administrators at {@code /admin/}: the core of {@code admin} as people see it. Facelets are in the web
 * application's folder {@code admin}, one for each page, with one bean here.
 *
 * <ul>
 * <li>R6.5.1 Who may come in is the server's business ({@code web.xml}); what one may do there, each bean asks
 * {@link certservice.admin.page.CurrentUser} before it changes something. What an auditor is not offered and asks for
 * all the same is a 403.</li>
 * <li>R6.5.2 A key is in one answer and nowhere else: no bean that outlives the request keeps it. What is typed in as a
 * DNS provider's settings is never shown again.</li>
 * <li>R6.5.3 A browser runs no script but the files of this application, loads nothing from elsewhere, and shows no
 * page in a frame.</li>
 * <li>R6.5.4 Beans are thin: they turn texts into what the core takes, and let its failures pass.
 * {@link certservice.admin.page.PageFailures} shows them.</li>
 * </ul>
 *
 * <p>It does not decide anything about keys, domains or certificates.
 *
 * <p>Entry points: {@code /admin/}, which {@link certservice.admin.page.PageFilter} leads to the overview, and
 * {@link certservice.admin.page.Welcome} at {@code /}.
 */
package certservice.admin.page;
